import { CircleCheck } from "lucide-react";
import { useState } from "react";
import { Button } from "../../components/Button";
import { Field, TextInput } from "../../components/Field";
import { Problem } from "../../components/Problem";
import { Segmented } from "../../components/Segmented";
import { useFormat } from "../../format/use-format";
import { useT } from "../../i18n/language";
import type { DatabaseInfo } from "../../ipc/client";
import { Group } from "./Group";
import { useTestDatabase, useUseDatabase } from "./queries";

/** Where the figures live: in this computer, or on a server several people share. Tried before anything changes. */
export function DatabaseSettings({ database }: { database: DatabaseInfo }) {
  const t = useT();
  const format = useFormat();
  const test = useTestDatabase();
  const use = useUseDatabase();
  const [place, setPlace] = useState<"embedded" | "shared">(database.embedded ? "embedded" : "shared");
  const [url, setUrl] = useState("");
  const isUrl = /^postgres(ql)?:\/\/\S+$/.test(url.trim());
  const tested = test.data;

  return (
    <Group
      title={t("settings.database")}
      text={t(place === "embedded" ? "settings.database_embedded_text" : "settings.database_shared_text")}
      testId="settings-database"
    >
      <Segmented
        value={place}
        label={t("settings.database")}
        options={[
          { value: "embedded", label: t("settings.database_embedded"), testId: "database-embedded" },
          { value: "shared", label: t("settings.database_shared"), testId: "database-shared" },
        ]}
        onChange={setPlace}
      />
      <dl className="settings__facts selectable">
        <dt>{t("settings.database_location")}</dt>
        <dd>{database.location}</dd>
        <dt>{t("settings.database_version")}</dt>
        <dd>{database.version}</dd>
        <dt>{t("settings.database_size")}</dt>
        <dd>{format.bytes(database.size_bytes)}</dd>
      </dl>
      {place === "shared" && (
        <>
          <Field label={t("settings.database_url")} hint={t("settings.database_url_hint")}>
            {(id) => (
              <div className="settings__line">
                <TextInput
                  id={id}
                  value={url}
                  onChange={(text) => {
                    setUrl(text);
                    test.reset();
                    use.reset();
                  }}
                  type="password"
                  autoComplete="new-password"
                  className="settings__grow"
                  data-testid="database-url"
                />
                <Button
                  disabled={!isUrl}
                  busy={test.isPending}
                  onClick={() => test.mutate([url.trim()])}
                  data-testid="database-test"
                >
                  {t("settings.database_test")}
                </Button>
              </div>
            )}
          </Field>
          {test.error && <Problem error={test.error} />}
          {tested?.error && <Problem error={tested.error} testId="database-problem" />}
          {tested?.ok && (
            <p className="settings__ok" data-testid="database-ok">
              <CircleCheck aria-hidden />
              {t("settings.database_ok", { version: tested.version ?? "" })}
            </p>
          )}
          {tested?.ok && !use.isSuccess && (
            <div>
              <Button
                look="primary"
                busy={use.isPending}
                onClick={() => use.mutate([url.trim()])}
                data-testid="database-use"
              >
                {t("settings.database_use")}
              </Button>
            </div>
          )}
        </>
      )}
      {place === "embedded" && !database.embedded && !use.isSuccess && (
        <div>
          <Button look="primary" busy={use.isPending} onClick={() => use.mutate([null])}>
            {t("settings.database_back")}
          </Button>
        </div>
      )}
      {use.isSuccess && <p className="settings__restart">{t("settings.database_restart")}</p>}
      {use.error && <Problem error={use.error} />}
    </Group>
  );
}

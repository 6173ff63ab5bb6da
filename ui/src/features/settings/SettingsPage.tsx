import { useState } from "react";
import { Button } from "../../components/Button";
import { CurrencySelect } from "../../components/client/CurrencySelect";
import { Field, TextInput } from "../../components/Field";
import { PageHead } from "../../components/PageHead";
import { Problem } from "../../components/Problem";
import { Segmented } from "../../components/Segmented";
import { isDecimalBetween } from "../../format/input";
import { useT } from "../../i18n/language";
import { useNames } from "../../format/names";
import type { Workspace } from "../../ipc/client";
import { BackupSettings } from "./BackupSettings";
import { DatabaseSettings } from "./DatabaseSettings";
import { Group } from "./Group";
import { SecuritySettings } from "./SecuritySettings";
import { useChooseFolder, useLoadSample, useSaveSettings } from "./queries";
import "./settings.css";

/** Every setting takes effect when it is chosen; typed ones when the field is left. */
export function SettingsPage({ workspace }: { workspace: Workspace }) {
  const t = useT();
  const names = useNames();
  const { settings } = workspace;
  const save = useSaveSettings();
  const chooseFolder = useChooseFolder();
  const loadSample = useLoadSample();
  const change = (part: Partial<Workspace["settings"]>) => save.mutate([{ ...settings, ...part }]);

  return (
    <>
      <PageHead title={t("settings.title")} busy={save.isPending} />
      <div className="page settings">
        {save.error && <Problem error={save.error} />}
        <Group title={t("settings.display")}>
          <Field label={t("settings.lang")}>
            {() => (
              <Segmented
                value={settings.lang}
                label={t("settings.lang")}
                options={[
                  { value: "ko", label: t("settings.lang_ko"), testId: "lang-ko" },
                  { value: "en", label: t("settings.lang_en"), testId: "lang-en" },
                ]}
                onChange={(lang) => change({ lang })}
                testId="settings-lang"
              />
            )}
          </Field>
          <Field label={t("settings.theme")}>
            {() => (
              <Segmented
                value={settings.theme}
                label={t("settings.theme")}
                options={[
                  { value: "system", label: t("settings.theme_system") },
                  { value: "light", label: t("settings.theme_light"), testId: "theme-light" },
                  { value: "dark", label: t("settings.theme_dark"), testId: "theme-dark" },
                ]}
                onChange={(theme) => change({ theme })}
                testId="settings-theme"
              />
            )}
          </Field>
        </Group>
        <Group title={t("settings.money")}>
          <Field label={t("settings.basis")} hint={t("settings.basis_hint")}>
            {() => (
              <Segmented
                value={settings.default_basis}
                label={t("settings.basis")}
                options={[
                  { value: "net", label: names.basis("net") },
                  { value: "gross", label: names.basis("gross") },
                ]}
                onChange={(default_basis) => change({ default_basis })}
                testId="settings-basis"
              />
            )}
          </Field>
          <Field label={t("settings.currency")} hint={t("settings.currency_hint")}>
            {(id) => (
              <CurrencySelect
                id={id}
                value={settings.default_currency}
                label={t("settings.currency")}
                onChange={(default_currency) => change({ default_currency })}
              />
            )}
          </Field>
          <TypedSetting
            key={`vat-${settings.default_vat_rate}`}
            label={t("settings.vat")}
            hint={t("settings.vat_hint")}
            value={settings.default_vat_rate}
            unit="%"
            check={(text) => (isDecimalBetween(text, 0, 100) ? undefined : t("settings.vat_wrong"))}
            onSave={(default_vat_rate) => change({ default_vat_rate })}
            testId="settings-vat"
          />
        </Group>
        <Group title={t("settings.reports")}>
          <TypedSetting
            key={`agency-${settings.agency_name}`}
            label={t("settings.agency")}
            hint={t("settings.agency_hint")}
            value={settings.agency_name}
            placeholder={t("settings.agency_placeholder")}
            onSave={(agency_name) => change({ agency_name })}
            testId="settings-agency"
          />
          <Field label={t("settings.folder")}>
            {() => (
              <div className="settings__line">
                <span className="settings__path truncate selectable" title={workspace.reports_folder}>
                  {workspace.reports_folder}
                </span>
                <Button
                  onClick={() =>
                    chooseFolder.mutate([], {
                      onSuccess: (folder) => folder !== null && change({ reports_folder: folder }),
                    })
                  }
                  busy={chooseFolder.isPending}
                  data-testid="settings-folder"
                >
                  {t("common.change")}
                </Button>
                {settings.reports_folder !== null && (
                  <Button look="quiet" onClick={() => change({ reports_folder: null })}>
                    {t("settings.folder_reset")}
                  </Button>
                )}
              </div>
            )}
          </Field>
        </Group>
        <Group title={t("settings.sync")}>
          <Field label={t("settings.tray")} hint={t("settings.tray_hint")}>
            {() => (
              <Segmented
                value={settings.stays_in_tray ? "on" : "off"}
                label={t("settings.tray")}
                options={[
                  { value: "on", label: t("settings.tray_on"), testId: "tray-on" },
                  { value: "off", label: t("settings.tray_off"), testId: "tray-off" },
                ]}
                onChange={(choice) => change({ stays_in_tray: choice === "on" })}
                testId="settings-tray"
              />
            )}
          </Field>
        </Group>
        <DatabaseSettings database={workspace.database} />
        <SecuritySettings />
        <BackupSettings today={workspace.today} />
        <Group title={t("settings.sample")} text={t("settings.sample_text")}>
          <div>
            <Button
              onClick={() => loadSample.mutate([])}
              busy={loadSample.isPending}
              data-testid="settings-sample"
            >
              {workspace.has_sample ? t("settings.sample_again") : t("settings.sample_start")}
            </Button>
          </div>
          {loadSample.error && <Problem error={loadSample.error} />}
        </Group>
        <p className="muted settings__version selectable">
          {t("settings.version", { version: workspace.version })}
        </p>
      </div>
    </>
  );
}

interface TypedSettingProps {
  label: string;
  hint: string;
  value: string;
  unit?: string;
  placeholder?: string;
  check?: (text: string) => string | undefined;
  onSave: (text: string) => void;
  testId: string;
}

/** A text setting: saved when the field is left or Enter is pressed, put back by Escape. */
function TypedSetting({ label, hint, value, unit, placeholder, check, onSave, testId }: TypedSettingProps) {
  const [text, setText] = useState(value);
  const problem = check?.(text);
  const commit = () => {
    if (problem === undefined && text.trim() !== value) onSave(text.trim());
  };
  return (
    <Field label={label} hint={hint} error={problem}>
      {(id) => (
        <TextInput
          id={id}
          value={text}
          onChange={setText}
          onBlur={commit}
          onKeyDown={(event) => {
            if (event.key === "Enter" && !event.nativeEvent.isComposing) commit();
            if (event.key === "Escape") setText(value);
          }}
          data-testid={testId}
          {...(unit === undefined ? {} : { unit })}
          {...(placeholder === undefined ? {} : { placeholder })}
        />
      )}
    </Field>
  );
}

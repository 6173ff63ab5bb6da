import { useState } from "react";
import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { PlatformDot } from "../../components/PlatformDot";
import { Problem } from "../../components/Problem";
import { Skeleton } from "../../components/Skeleton";
import { useNames } from "../../format/names";
import { useLanguage } from "../../i18n/language";
import type { ClientInput, PlatformSetup, SignedInDto } from "../../ipc/client";
import { ChooseAccounts } from "./ChooseAccounts";
import { usePlatformSetups } from "./queries";
import { SignInForm } from "./SignInForm";
import "./connections.css";

interface ConnectDialogProps {
  /** Given: another sign-in at this platform. */
  platform: string | undefined;
  lang: string;
  newClient: Omit<ClientInput, "name">;
  onClose: () => void;
}

/** Platform → what to set up there and signing in → accounts and their clients. */
export function ConnectDialog({ platform, lang, newClient, onClose }: ConnectDialogProps) {
  const { t } = useLanguage();
  const names = useNames();
  const setups = usePlatformSetups();
  const [chosen, setChosen] = useState(platform);
  const [signedIn, setSignedIn] = useState<SignedInDto>();
  const setup = setups.data?.find((one) => one.platform === chosen);
  const title =
    chosen === undefined ? t("connect.title") : t("connect.title_of", { platform: names.platform(chosen) });

  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={title} testId="connect-dialog">
      <div className="connect">
        {setups.error ? (
          <Problem error={setups.error} onRetry={() => void setups.refetch()} />
        ) : setups.isPending ? (
          <Skeleton />
        ) : signedIn ? (
          <ChooseAccounts signedIn={signedIn} newClient={newClient} onClose={onClose} />
        ) : setup ? (
          <SignInForm
            setup={setup}
            lang={lang}
            onSignedIn={setSignedIn}
            onBack={platform === undefined ? () => setChosen(undefined) : undefined}
          />
        ) : (
          <PlatformChoice setups={setups.data} onChoose={setChosen} />
        )}
      </div>
    </Dialog>
  );
}

function PlatformChoice({
  setups,
  onChoose,
}: {
  setups: readonly PlatformSetup[];
  onChoose: (platform: string) => void;
}) {
  const { t } = useLanguage();
  const names = useNames();
  return (
    <>
      <p className="muted">{t("connect.reads_only")}</p>
      <div className="connect__platforms">
        {setups.map(({ platform, sign_in: way, app }) => (
          <Button
            key={platform}
            className="connect__platform"
            onClick={() => onChoose(platform)}
            data-testid={`connect-${platform}`}
          >
            <span className="connect__platform-name">
              <PlatformDot platform={platform} />
              {names.platform(platform)}
            </span>
            <span className="connect__platform-needs">
              {t(way === "keys" ? "connect.needs_keys" : app ? "connect.needs_sign_in" : "connect.needs_app")}
            </span>
          </Button>
        ))}
      </div>
      <p className="muted">{t("connect.others")}</p>
    </>
  );
}

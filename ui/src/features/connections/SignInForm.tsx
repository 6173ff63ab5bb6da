import { Copy, ExternalLink } from "lucide-react";
import { type FormEvent, useState } from "react";
import { Button } from "../../components/Button";
import { Field, TextInput } from "../../components/Field";
import { Problem } from "../../components/Problem";
import { Segmented } from "../../components/Segmented";
import { useLanguage } from "../../i18n/language";
import type { PlatformSetup, SignedInDto } from "../../ipc/client";
import { useCancelSignIn, useSetApp, useSignIn, useSignInWithKeys, useSignInWithToken } from "./queries";

interface SignInFormProps {
  setup: PlatformSetup;
  lang: string;
  onSignedIn: (signedIn: SignedInDto) => void;
  onBack: (() => void) | undefined;
}

/** What to set up at the platform, in its own words, and the way in: keys, the browser, or a token. */
export function SignInForm(props: SignInFormProps) {
  const { setup } = props;
  const { textOf } = useLanguage();
  const steps = [1, 2, 3, 4, 5].flatMap((step) => textOf(`connect.steps.${setup.platform}.${step}`) ?? []);
  return (
    <>
      <ol className="connect__steps">
        {steps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
      {setup.redirect_uris.map((uri) => (
        <RedirectUri key={uri} uri={uri} />
      ))}
      {setup.sign_in === "keys" ? <KeysForm {...props} /> : <BrowserForm {...props} />}
    </>
  );
}

function RedirectUri({ uri }: { uri: string }) {
  const { t } = useLanguage();
  return (
    <div className="connect__uri">
      <code className="selectable truncate">{uri}</code>
      <Button size="s" icon={<Copy />} onClick={() => void navigator.clipboard.writeText(uri)}>
        {t("connect.copy")}
      </Button>
    </div>
  );
}

/** Numbers as people paste them: by line, comma or blank. */
export const numbersIn = (text: string): string[] => [
  ...new Set(text.split(/[\s,;]+/).filter((part) => part !== "")),
];

function KeysForm({ setup, onSignedIn, onBack }: SignInFormProps) {
  const { t } = useLanguage();
  const signIn = useSignInWithKeys();
  const [license, setLicense] = useState("");
  const [secret, setSecret] = useState("");
  const [customers, setCustomers] = useState("");
  const numbers = numbersIn(customers);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    signIn.mutate([setup.platform, numbers, license.trim(), secret.trim()], {
      onSuccess: (signedIn) => {
        setSecret("");
        signIn.reset();
        onSignedIn(signedIn);
      },
    });
  };
  return (
    <form className="connect__form" onSubmit={submit}>
      <Field label={t("connect.license")}>
        {(id) => <TextInput id={id} value={license} onChange={setLicense} data-testid="keys-license" />}
      </Field>
      <Field label={t("connect.secret_key")} hint={t("connect.secret_hint")}>
        {(id) => (
          <TextInput
            id={id}
            type="password"
            autoComplete="new-password"
            value={secret}
            onChange={setSecret}
            data-testid="keys-secret"
          />
        )}
      </Field>
      <Field label={t("connect.customers")} hint={t("connect.customers_hint")}>
        {(id) => (
          <textarea
            id={id}
            className="connect__numbers"
            rows={3}
            value={customers}
            onChange={(event) => setCustomers(event.target.value)}
            data-testid="keys-customers"
          />
        )}
      </Field>
      {signIn.error && <Problem error={signIn.error} testId="sign-in-problem" />}
      <Actions onBack={onBack}>
        <Button
          look="primary"
          type="submit"
          busy={signIn.isPending}
          disabled={license.trim() === "" || secret.trim() === "" || numbers.length === 0}
          data-testid="keys-test"
        >
          {t("connect.test")}
        </Button>
      </Actions>
    </form>
  );
}

function BrowserForm({ setup, lang, onSignedIn, onBack }: SignInFormProps) {
  const { t } = useLanguage();
  const setApp = useSetApp();
  const signIn = useSignIn();
  const cancel = useCancelSignIn();
  const [editing, setEditing] = useState(setup.app === null);
  const [clientId, setClientId] = useState(setup.app?.client_id ?? "");
  const [secret, setSecret] = useState("");
  const [way, setWay] = useState<"browser" | "token">("browser");
  const start = () => signIn.mutate([setup.platform, lang], { onSuccess: onSignedIn });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!editing) return start();
    setApp.mutate([setup.platform, clientId.trim(), secret.trim() === "" ? null : secret.trim()], {
      onSuccess: () => {
        setSecret("");
        setEditing(false);
        setApp.reset();
        start();
      },
    });
  };
  if (way === "token")
    return <TokenForm setup={setup} lang={lang} onSignedIn={onSignedIn} onBack={() => setWay("browser")} />;
  return (
    <form className="connect__form" onSubmit={submit}>
      {setup.takes_token && (
        <Segmented
          value={way}
          label={t("connect.way")}
          options={[
            { value: "browser", label: t("connect.way_browser") },
            { value: "token", label: t("connect.way_token"), testId: "way-token" },
          ]}
          onChange={setWay}
        />
      )}
      {editing ? (
        <>
          <Field label={t("connect.client_id")}>
            {(id) => <TextInput id={id} value={clientId} onChange={setClientId} data-testid="app-id" />}
          </Field>
          <Field label={t("connect.client_secret")} hint={t("connect.secret_hint")}>
            {(id) => (
              <TextInput
                id={id}
                type="password"
                autoComplete="new-password"
                value={secret}
                onChange={setSecret}
                data-testid="app-secret"
              />
            )}
          </Field>
        </>
      ) : (
        <p className="connect__app">
          <span className="truncate selectable">{t("connect.app_kept", { id: clientId })}</span>
          <Button size="s" look="quiet" onClick={() => setEditing(true)}>
            {t("common.change")}
          </Button>
        </p>
      )}
      {signIn.isPending && <p className="connect__waiting">{t("connect.waiting")}</p>}
      {(setApp.error ?? signIn.error) && (
        <Problem error={setApp.error ?? signIn.error} testId="sign-in-problem" />
      )}
      <Actions onBack={onBack}>
        {signIn.isPending && (
          <Button onClick={() => cancel.mutate([])} data-testid="sign-in-cancel">
            {t("common.cancel")}
          </Button>
        )}
        <Button
          look="primary"
          type="submit"
          icon={<ExternalLink />}
          busy={setApp.isPending || signIn.isPending}
          disabled={editing && clientId.trim() === ""}
          data-testid="sign-in"
        >
          {t("connect.sign_in")}
        </Button>
      </Actions>
    </form>
  );
}

function TokenForm({ setup, onSignedIn, onBack }: SignInFormProps) {
  const { t } = useLanguage();
  const signIn = useSignInWithToken();
  const [token, setToken] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    signIn.mutate([setup.platform, token.trim()], {
      onSuccess: (signedIn) => {
        setToken("");
        signIn.reset();
        onSignedIn(signedIn);
      },
    });
  };
  return (
    <form className="connect__form" onSubmit={submit}>
      <Field label={t("connect.token")} hint={t("connect.token_hint")}>
        {(id) => (
          <TextInput id={id} type="password" autoComplete="new-password" value={token} onChange={setToken} />
        )}
      </Field>
      {signIn.error && <Problem error={signIn.error} testId="sign-in-problem" />}
      <Actions onBack={onBack}>
        <Button look="primary" type="submit" busy={signIn.isPending} disabled={token.trim() === ""}>
          {t("connect.test")}
        </Button>
      </Actions>
    </form>
  );
}

function Actions({ onBack, children }: { onBack: (() => void) | undefined; children: React.ReactNode }) {
  const { t } = useLanguage();
  return (
    <div className="connect__actions">
      {onBack && (
        <Button look="quiet" onClick={onBack}>
          {t("connect.back")}
        </Button>
      )}
      <span className="connect__gap" />
      {children}
    </div>
  );
}

import { CircleAlert, CircleCheck, Info, X } from "lucide-react";
import { Toast } from "radix-ui";
import { useSyncExternalStore } from "react";
import { useT } from "../i18n/language";
import { Button } from "./Button";
import { currentToasts, dismissToast, subscribeToToasts } from "./toasts";
import "./toaster.css";

const icons = { good: <CircleCheck />, bad: <CircleAlert />, plain: <Info /> };

export function Toaster() {
  const t = useT();
  const toasts = useSyncExternalStore(subscribeToToasts, currentToasts);
  return (
    <Toast.Provider swipeDirection="right" label={t("toast.label")}>
      {toasts.map((toast) => (
        <Toast.Root
          key={toast.id}
          className={`toast toast--${toast.tone}`}
          duration={toast.duration ?? (toast.actions || toast.tone === "bad" ? 3_600_000 : 6_000)}
          onOpenChange={(open) => !open && dismissToast(toast.id)}
          data-testid={toast.testId ?? "toast"}
        >
          <span className="toast__icon">{toast.icon ?? icons[toast.tone]}</span>
          <div className="toast__body">
            <Toast.Title className="toast__title">{toast.title}</Toast.Title>
            {toast.text !== undefined && (
              <Toast.Description className="toast__text">{toast.text}</Toast.Description>
            )}
            {toast.actions && (
              <div className="toast__actions">
                {toast.actions.map((action) => (
                  <Toast.Action key={action.label} altText={action.label} asChild>
                    {/* Opening the file does not close the toast: the folder may be wanted next. */}
                    <Button
                      size="s"
                      data-testid={action.testId}
                      onClick={(event) => {
                        event.preventDefault();
                        action.run();
                      }}
                    >
                      {action.label}
                    </Button>
                  </Toast.Action>
                ))}
              </div>
            )}
          </div>
          <Toast.Close asChild>
            <Button look="quiet" size="s" square icon={<X />} aria-label={t("common.close")} />
          </Toast.Close>
        </Toast.Root>
      ))}
      <Toast.Viewport className="toaster" />
    </Toast.Provider>
  );
}

import { Building2, Download, LayoutList, Plug, Search, Settings2 } from "lucide-react";
import { Dialog as Primitive } from "radix-ui";
import { type KeyboardEvent, type ReactNode, useId, useState } from "react";
import { useLocation } from "wouter";
import { CLIENTS, CONNECTIONS, clientAddress, IMPORT, SETTINGS } from "../../components/addresses";
import { byName } from "../../format/by-name";
import { isMatch } from "../../format/name-match";
import { useT } from "../../i18n/language";
import { useRead } from "../../ipc/queries";
import "./search.css";

interface Hit {
  key: string;
  label: string;
  href: string;
  icon: ReactNode;
}

/** Ctrl/⌘ K: go to a client or a screen by typing a part of its name. */
export function SearchDialog({ open, onOpenChange }: SearchDialogProps) {
  return (
    <Primitive.Root open={open} onOpenChange={onOpenChange}>
      <Primitive.Portal>
        <Primitive.Overlay className="dialog__veil" />
        <Primitive.Content className="search" aria-describedby={undefined} data-testid="search">
          <SearchBox onClose={() => onOpenChange(false)} />
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

interface SearchDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

function SearchBox({ onClose }: { onClose: () => void }) {
  const t = useT();
  const list = useId();
  const [, navigate] = useLocation();
  const [text, setText] = useState("");
  const [active, setActive] = useState(0);
  const clients = useRead("clientList", []);

  const found: Hit[] = byName(clients.data ?? [])
    .filter(({ name }) => isMatch(name, text))
    .map((client) => ({
      key: `client-${client.id}`,
      label: client.name,
      href: clientAddress(client.id),
      icon: <Building2 />,
    }));
  const screens: Hit[] = [
    { key: "clients", label: t("nav.all_clients"), href: CLIENTS, icon: <LayoutList /> },
    { key: "import", label: t("import.title"), href: IMPORT, icon: <Download /> },
    { key: "connections", label: t("connections.title"), href: CONNECTIONS, icon: <Plug /> },
    { key: "settings", label: t("nav.settings"), href: SETTINGS, icon: <Settings2 /> },
  ].filter(({ label }) => isMatch(label, text));
  const hits = [...found, ...screens];

  const go = (hit: Hit | undefined) => {
    if (!hit) return;
    onClose();
    navigate(hit.href);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    // While a Korean syllable is being composed, Enter ends the syllable and nothing else.
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Enter") go(hits[active]);
    else if (event.key === "ArrowDown") setActive((active + 1) % Math.max(1, hits.length));
    else if (event.key === "ArrowUp") setActive((active - 1 + hits.length) % Math.max(1, hits.length));
    else return;
    event.preventDefault();
  };

  const draw = (hit: Hit, index: number) => (
    <div
      key={hit.key}
      id={`${list}-${index}`}
      role="option"
      aria-selected={index === active}
      className={index === active ? "search__hit search__hit--on" : "search__hit"}
      ref={index === active ? (node) => node?.scrollIntoView({ block: "nearest" }) : undefined}
      onPointerMove={() => setActive(index)}
      onClick={() => go(hit)}
    >
      {hit.icon}
      <span className="truncate">{hit.label}</span>
    </div>
  );

  return (
    <>
      <Primitive.Title className="visually-hidden">{t("search.title")}</Primitive.Title>
      <div className="search__box">
        <Search aria-hidden />
        <input
          autoFocus
          value={text}
          placeholder={t("search.placeholder")}
          role="combobox"
          aria-expanded
          aria-controls={list}
          aria-activedescendant={`${list}-${active}`}
          aria-label={t("search.title")}
          onChange={(event) => {
            setText(event.target.value);
            setActive(0);
          }}
          onKeyDown={onKeyDown}
          data-testid="search-input"
        />
      </div>
      <div className="search__list" role="listbox" id={list} aria-label={t("search.title")}>
        {found.length > 0 && <p className="search__group">{t("search.clients")}</p>}
        {found.map(draw)}
        {screens.length > 0 && <p className="search__group">{t("search.screens")}</p>}
        {screens.map((hit, index) => draw(hit, found.length + index))}
        {hits.length === 0 && <p className="search__none">{t("search.nothing", { text })}</p>}
      </div>
      <p className="search__keys">{t("search.keys")}</p>
    </>
  );
}

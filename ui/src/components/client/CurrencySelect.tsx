import { useMemo } from "react";
import { useLanguage } from "../../i18n/language";
import { Select } from "../Select";

/** The currencies agencies in Korea book in; any other the data brings is added. */
const usual = ["KRW", "USD", "JPY", "CNY", "EUR", "HKD", "TWD", "SGD", "VND", "THB", "GBP", "AUD"];

export function CurrencySelect(props: {
  value: string | undefined;
  onChange: (currency: string) => void;
  label: string;
  placeholder?: string;
  id?: string;
  testId?: string;
}) {
  const { locale } = useLanguage();
  const names = useMemo(() => new Intl.DisplayNames([locale], { type: "currency" }), [locale]);
  const codes =
    props.value === undefined || props.value === "" || usual.includes(props.value)
      ? usual
      : [props.value, ...usual];
  return (
    <Select
      wide
      {...props}
      testId={props.testId ?? "currency"}
      options={codes.map((code) => ({ value: code, label: `${code} · ${names.of(code) ?? code}` }))}
    />
  );
}

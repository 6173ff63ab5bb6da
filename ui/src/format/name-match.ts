const INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ";
const FIRST_SYLLABLE = 0xac00;
const SYLLABLES_PER_INITIAL = 588;

function initialsOf(text: string): string {
  return Array.from(text, (letter) => {
    const offset = letter.charCodeAt(0) - FIRST_SYLLABLE;
    return offset >= 0 && offset < 11_172
      ? (INITIALS[Math.floor(offset / SYLLABLES_PER_INITIAL)] ?? letter)
      : letter;
  }).join("");
}

const plain = (text: string) => text.normalize("NFC").toLowerCase().replace(/\s+/g, "");

/** Whether a name is meant: a part of it in any case and spacing, or its initial consonants (ㅎㅂ for 한빛). */
export function isMatch(name: string, typed: string): boolean {
  const wanted = plain(typed);
  if (wanted === "") return true;
  if (plain(name).includes(wanted)) return true;
  return /^[ㄱ-ㅎ]+$/.test(wanted) && initialsOf(plain(name)).includes(wanted);
}

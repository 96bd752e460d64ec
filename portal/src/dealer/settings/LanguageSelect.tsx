import { NativeSelect } from '@mantine/core';
import { failed } from '~/shared/ui/notify';
import { choose, language, languageNames, t, type Language } from '../words';

const id = 'language';

/** The language of these pages. They are drawn anew in it; the reader stays in this field. */
export function LanguageSelect({ size, description }: { size?: 'xs' | 'sm'; description?: string }) {
  const change = async (wanted: Language) => {
    await choose(wanted);
    document.getElementById(id)?.focus();
  };
  return (
    <NativeSelect
      id={id}
      size={size}
      label={description && t.fields.language}
      aria-label={description ? undefined : t.fields.language}
      description={description}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      value={language}
      onChange={(event) => void change(event.currentTarget.value as Language).catch(failed)}
      data={Object.entries(languageNames).map(([value, label]) => ({ value, label }))}
    />
  );
}

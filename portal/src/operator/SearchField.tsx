import { TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';

interface Props {
  label?: string;
  placeholder?: string;
  value: string | undefined;
  set: (value: string | undefined) => void;
}

/** Tells what is sought as soon as the reader stops to type, or presses Enter. */
export function SearchField({ label = 'Search', placeholder, value, set }: Props) {
  const [typed, setTyped] = useState(value ?? '');
  const timer = useRef<number>(undefined);
  const tell = (text: string) => {
    window.clearTimeout(timer.current);
    set(text.trim() || undefined);
  };
  useEffect(() => () => window.clearTimeout(timer.current), []);
  // Going back in the browser's history changes the address, and not what was typed.
  const [shown, setShown] = useState(value);
  if (shown !== value) {
    setShown(value);
    if (typed.trim() !== (value ?? '')) setTyped(value ?? '');
  }
  return (
    <TextInput
      label={label}
      size="sm"
      style={{ flex: '1 1 11rem' }}
      leftSection={<IconSearch size={16} />}
      placeholder={placeholder}
      value={typed}
      onChange={(event) => {
        const text = event.currentTarget.value;
        setTyped(text);
        window.clearTimeout(timer.current);
        timer.current = window.setTimeout(() => tell(text), 300);
      }}
      onKeyDown={(event) => event.key === 'Enter' && tell(typed)}
    />
  );
}

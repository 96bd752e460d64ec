import { Badge } from '@mantine/core';
import type { ReactNode } from 'react';

export type Tone = 'blue' | 'gray' | 'green' | 'orange' | 'red' | 'yellow';

/** The state of a thing, in a word. */
export function Tag({ tone, children }: { tone: Tone; children: ReactNode }) {
  return (
    <Badge variant="light" color={tone} tt="none" fw={500} miw="max-content">
      {children}
    </Badge>
  );
}

import { Badge } from '@mantine/core';
import type { ReactNode } from 'react';

interface Props {
  color: string;
  /** More, for who points at it. */
  title?: string;
  children: ReactNode;
}

/** A state, in a word. */
export function Tag({ color, title, children }: Props) {
  return (
    <Badge variant="light" tt="none" fw={500} miw="max-content" color={color} title={title}>
      {children}
    </Badge>
  );
}

import { Anchor, Button, Pagination, TextInput } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { count } from '../text/format';
import { words } from '../text/words';
import { Refusal } from './states';

interface MoreProps {
  /** How many rows stand above. */
  rows: number;
  list: {
    hasNextPage: boolean;
    isFetchingNextPage: boolean;
    isFetchNextPageError: boolean;
    error: unknown;
    fetchNextPage: () => unknown;
  };
}

/** The foot of a list that grows, and what keeps it from growing. */
export function MoreFoot({ rows, list }: MoreProps) {
  return (
    <>
      <span>{words.shown(count(rows))}</span>
      {list.isFetchNextPageError && <Refusal error={list.error} />}
      {list.hasNextPage && (
        <Button
          variant="default"
          size="compact-sm"
          loading={list.isFetchingNextPage}
          onClick={() => void list.fetchNextPage()}
        >
          {list.isFetchNextPageError ? words.tryAgain : words.showMore}
        </Button>
      )}
    </>
  );
}

interface PagerProps {
  /** How much there is altogether, as a person reads it. */
  label: string;
  pages: number;
  page: number;
  onChange: (page: number) => void;
}

/** The foot of a list that is leafed through. */
export function PagerFoot({ label, pages, page, onChange }: PagerProps) {
  return (
    <>
      <span>{label}</span>
      {pages > 1 && (
        <Pagination
          size="sm"
          total={pages}
          value={page}
          onChange={onChange}
          getControlProps={(control) => ({ 'aria-label': words.pageOf(words.pager[control]) })}
        />
      )}
    </>
  );
}

interface Days {
  from?: string;
  to?: string;
}

/** From a day to a day, either of which may be left open. */
export function DayRange({ from, to, set }: Days & { set: (change: Days) => void }) {
  const field = (name: 'from' | 'to', value: string | undefined) => (
    <TextInput
      label={words[name]}
      type="date"
      size="sm"
      value={value ?? ''}
      onChange={(event) => set({ [name]: event.currentTarget.value || undefined })}
    />
  );
  return (
    <>
      {field('from', from)}
      {field('to', to)}
    </>
  );
}

/** From a thing to the list that it is in. */
export function BackLink({ to, children }: { to: string; children: ReactNode }) {
  return (
    <Anchor component={Link} to={to} size="sm">
      <IconArrowLeft size={14} aria-hidden /> {children}
    </Anchor>
  );
}

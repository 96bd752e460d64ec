import { Alert, List } from '@mantine/core';
import { count, plural, usd } from '~/shared/text/format';
import { Figure } from '~/shared/ui/Card';
import type { BatchCheck } from './data';
import css from './verification.module.css';

const mostShown = 5;

/** What the service has read, before it is paid. */
export function Findings({ found }: { found: BatchCheck }) {
  const { malformed } = found;
  return (
    <>
      <div className={css.counts} role="status" aria-label="What was read">
        <Figure label="Codes" value={count(found.rows)} />
        <Figure label="Duplicates" value={count(found.duplicates)} />
        <Figure label="Malformed" value={count(malformed.length)} />
        <Figure label="Price" value={usd(found.totalUsd)} />
        {found.balance !== undefined && (
          <Figure label="Balance afterwards" value={usd(found.balance - found.totalUsd)} />
        )}
      </div>
      {malformed.length > 0 && (
        <Alert
          color="yellow"
          variant="light"
          title={`${plural(malformed.length, 'line')} cannot be an activation code`}
        >
          They are paid as well, and answered “invalid” at once. Correct them above, or go on.
          <List size="sm" mt="xs">
            {malformed.slice(0, mostShown).map((row) => (
              <List.Item key={row.line}>
                Line {count(row.line)}: {row.reason}
              </List.Item>
            ))}
            {malformed.length > mostShown && (
              <List.Item>and {count(malformed.length - mostShown)} more</List.Item>
            )}
          </List>
        </Alert>
      )}
    </>
  );
}

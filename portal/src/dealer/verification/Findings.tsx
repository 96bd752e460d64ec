import { Alert, List } from '@mantine/core';
import { count, usd } from '~/shared/text/format';
import { Figure } from '~/shared/ui/Card';
import { t } from '../words';
import type { BatchCheck } from './data';
import css from './verification.module.css';

const mostShown = 5;

/** What the service has read, before it is paid. */
export function Findings({ found }: { found: BatchCheck }) {
  const { malformed } = found;
  return (
    <>
      <div className={css.counts} role="status" aria-label={t.verification.whatWasRead}>
        <Figure label={t.verification.countCodes} value={count(found.rows)} />
        <Figure label={t.verification.duplicates} value={count(found.duplicates)} />
        <Figure label={t.verification.malformed} value={count(malformed.length)} />
        <Figure label={t.fields.price} value={usd(found.totalUsd)} />
        {found.balance !== undefined && (
          <Figure label={t.fields.balanceAfterwards} value={usd(found.balance - found.totalUsd)} />
        )}
      </div>
      {malformed.length > 0 && (
        <Alert color="yellow" variant="light" title={t.verification.malformedTitle(malformed.length)}>
          {t.verification.malformedText}
          <List size="sm" mt="xs">
            {malformed.slice(0, mostShown).map((row) => (
              <List.Item key={row.line}>{t.verification.lineFlaw(count(row.line), row.reason)}</List.Item>
            ))}
            {malformed.length > mostShown && (
              <List.Item>{t.verification.andMore(count(malformed.length - mostShown))}</List.Item>
            )}
          </List>
        </Alert>
      )}
    </>
  );
}

import { Alert, List } from '@mantine/core';
import { count, usd } from '~/shared/text/format';
import { Figure } from '~/shared/ui/Card';
import { t } from '../words';
import type { BatchCheck } from './data';
import css from './verification.module.css';

const mostShown = 5;
const mostOfCode = 60;

/** Its beginning, by which it is found in the text. */
const excerpt = (code: string) => (code.length > mostOfCode ? `${code.slice(0, mostOfCode)}…` : code);

/** What the service has read, before it is paid. */
export function Findings({ found, codes }: { found: BatchCheck; codes: string[] }) {
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
              <List.Item key={row.line} className={css.flaw}>
                {t.verification.lineFlaw(excerpt(codes[row.line - 1] ?? ''), row.reason)}
              </List.Item>
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

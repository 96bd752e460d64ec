import { Button, Stack, TextInput, Timeline } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';

import { Card } from '~/shared/ui/Card';
import { Facts } from '~/shared/ui/Facts';
import { Failed } from '~/shared/ui/states';
import ui from '~/shared/ui/ui.module.css';
import { when } from '../when';
import { findVerdict, type Verdict } from './data';

/** A verdict that a dealer does not believe, and what it stands on. */
export function FindVerdict() {
  const [batch, setBatch] = useState('');
  const [row, setRow] = useState('');
  const asking = useMutation({ mutationFn: () => findVerdict(batch.trim(), row.trim()) });
  const isFilledIn = batch.trim() !== '' && /^\d+$/.test(row.trim());
  return (
    <Card title="One verdict and its evidence">
      <Stack>
        <form
          className={ui.actions}
          style={{ alignItems: 'flex-end' }}
          onSubmit={(event) => {
            event.preventDefault();
            if (isFilledIn) asking.mutate();
          }}
        >
          <TextInput
            label="Batch"
            size="sm"
            w={320}
            placeholder="Its id"
            value={batch}
            onChange={(event) => setBatch(event.currentTarget.value)}
          />
          <TextInput
            label="Row"
            size="sm"
            w={100}
            inputMode="numeric"
            value={row}
            onChange={(event) => setRow(event.currentTarget.value)}
          />
          <Button type="submit" size="sm" disabled={!isFilledIn} loading={asking.isPending}>
            Show
          </Button>
        </form>
        {asking.error && <Failed error={asking.error} />}
        {asking.data && <Evidence verdict={asking.data} />}
      </Stack>
    </Card>
  );
}

function Evidence({ verdict }: { verdict: Verdict }) {
  return (
    <Stack role="status">
      <Facts
        of={[
          ['Verdict', verdict.status],
          ['Reason', verdict.reason],
          ['Code', verdict.lpa],
          ['ICCID', verdict.iccid],
          ['Stage', verdict.stage],
          ['Codes of the host', verdict.codes],
          ['HTTP status', verdict.http_status],
          ['Host', verdict.host],
          ['Device', verdict.device],
          ['Begun', verdict.begun_at && when(verdict.begun_at)],
          ['Checked', verdict.checked_at && when(verdict.checked_at)],
          ['Given back', verdict.refunded && 'yes'],
        ]}
      />
      {verdict.attempts.length > 0 && (
        <Timeline bulletSize={12} lineWidth={2}>
          {verdict.attempts.map((attempt) => (
            <Timeline.Item key={attempt.attempt} title={`Try ${attempt.attempt} on ${attempt.device}`}>
              <div className={ui.lead}>{attempt.reason}</div>
              <span className={ui.label}>{when(attempt.ended_at)}</span>
            </Timeline.Item>
          ))}
        </Timeline>
      )}
    </Stack>
  );
}

import { Alert, Button, FileButton, Group, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { Problem } from '~/shared/api/problem';
import { save } from '~/shared/text/csv';
import { plural } from '~/shared/text/format';
import { Card } from '~/shared/ui/Card';
import { Failed } from '~/shared/ui/states';
import { utcDay } from '../search';
import { checkHeads, prove, type Proof } from './data';
import { readHeads } from './heads';

type Way = { kind: 'all' | 'since' | 'save' } | { kind: 'against'; file: File };

async function run(way: Way): Promise<Proof> {
  if (way.kind === 'against') {
    const heads = readHeads(await way.file.text());
    if (!heads)
      throw new Problem({ kind: 'refused', message: 'This file has no heads that were saved here.' });
    return checkHeads(heads);
  }
  const proof = await prove(way.kind === 'since', way.kind === 'save');
  if (way.kind === 'save')
    save(
      `ledger-heads-${utcDay()}.json`,
      JSON.stringify({ heads: proof.heads }, null, 1),
      'application/json',
    );
  return proof;
}

/** Shows the proof that no cent was lost or invented, and that nothing was taken out of the ledger. */
export function LedgerProof() {
  const proving = useMutation({ mutationFn: run });
  const isRunning = (kind: Way['kind']) => proving.isPending && proving.variables.kind === kind;
  return (
    <Card title="Proof of the ledger">
      <Stack>
        <Text size="sm" c="dimmed">
          Every wallet is summed up from what each posting was for, along its chain of hashes. Keep the heads
          elsewhere: by them a later proof finds out whether the end was cut off.
        </Text>
        <Group gap="xs">
          <Button size="sm" loading={isRunning('since')} onClick={() => proving.mutate({ kind: 'since' })}>
            Prove what is new
          </Button>
          <Button
            size="sm"
            variant="default"
            loading={isRunning('all')}
            onClick={() => proving.mutate({ kind: 'all' })}
          >
            Prove everything
          </Button>
          <Button
            size="sm"
            variant="default"
            loading={isRunning('save')}
            onClick={() => proving.mutate({ kind: 'save' })}
          >
            Save the heads
          </Button>
          <FileButton
            accept="application/json,.json"
            onChange={(file) => file && proving.mutate({ kind: 'against', file })}
          >
            {(props) => (
              <Button size="sm" variant="default" loading={isRunning('against')} {...props}>
                Hold saved heads against it
              </Button>
            )}
          </FileButton>
        </Group>
        {proving.error && <Failed error={proving.error} />}
        {proving.data && <Result proof={proving.data} />}
      </Stack>
    </Card>
  );
}

function Result({ proof }: { proof: Proof }) {
  const said = `${plural(proof.transfers, 'posting')} of ${plural(proof.wallets, 'wallet')}.`;
  return (
    <Alert
      role="status"
      variant="light"
      color={proof.ok ? 'green' : 'red'}
      title={proof.ok ? 'It holds, to the cent' : 'It does not hold'}
    >
      {said}
      {proof.mismatches.length > 0 && (
        <ul>
          {proof.mismatches.map((one) => (
            <li key={one}>{one}</li>
          ))}
        </ul>
      )}
    </Alert>
  );
}

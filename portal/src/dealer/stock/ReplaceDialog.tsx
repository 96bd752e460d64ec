import { Alert, Button, Group, Loader, Modal, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { asProblem } from '~/shared/api/problem';
import { Shown } from '~/shared/ui/states';
import { EsimCard } from '../orders/EsimCard';
import { decisionText, replacementQuery, requestReplacement, type OwnedEsim } from './data';

export function ReplaceDialog({ esim, onClose }: { esim: OwnedEsim | null; onClose: () => void }) {
  return (
    <Modal
      opened={esim !== null}
      onClose={onClose}
      size="lg"
      title="Replace an eSIM"
      centered
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {esim && <Asking key={esim.id} esim={esim} onClose={onClose} />}
    </Modal>
  );
}

function Asking({ esim, onClose }: { esim: OwnedEsim; onClose: () => void }) {
  const asking = useMutation({ mutationFn: () => requestReplacement(esim.iccid) });
  if (asking.data) return <Decision check={asking.data.check_id} onClose={onClose} />;
  return (
    <Stack>
      <Text size="sm">
        A device checks whether {esim.iccid} can still be installed. If it is used up, you get another one
        free of charge. An eSIM that was deleted from a phone is used up by that, and is not replaced.
      </Text>
      {asking.error && (
        <Alert color="red" role="alert" variant="light">
          {asProblem(asking.error).message}
        </Alert>
      )}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button loading={asking.isPending} onClick={() => asking.mutate()}>
          Check and replace
        </Button>
      </Group>
    </Stack>
  );
}

/** The decision as it comes. */
function Decision({ check, onClose }: { check: string; onClose: () => void }) {
  const queries = useQueryClient();
  const status = useQuery(replacementQuery(check));
  const decision = status.data?.decision;
  useEffect(() => {
    if (decision && decision !== 'pending') void queries.invalidateQueries({ queryKey: ['stock'] });
  }, [decision, queries]);
  return (
    <Shown of={status} lines={3}>
      {(data) => (
        <Stack>
          <Alert
            role="status"
            variant="light"
            color={data.decision === 'replaced' ? 'green' : 'blue'}
            icon={data.decision === 'pending' ? <Loader size={16} /> : undefined}
          >
            {'message' in data ? data.message : decisionText(data.decision)}
          </Alert>
          {data.decision === 'replaced' && (
            <EsimCard name="Replacement" iccid={data.replacement.iccid} lpa={data.replacement.lpa} />
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {data.decision === 'pending' ? 'Close; it goes on' : 'Done'}
            </Button>
          </Group>
        </Stack>
      )}
    </Shown>
  );
}

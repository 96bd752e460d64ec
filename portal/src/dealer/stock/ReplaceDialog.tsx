import { Alert, Button, Group, Loader, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { Dialog, DialogFoot } from '~/shared/ui/Dialog';
import { Refusal, Shown } from '~/shared/ui/states';
import { EsimCard } from '../orders/EsimCard';
import { t } from '../words';
import { checksQuery, replacementQuery, requestReplacement, type OwnedEsim } from './data';

export function ReplaceDialog({ esim, onClose }: { esim: OwnedEsim | null; onClose: () => void }) {
  return (
    <Dialog opened={esim !== null} onClose={onClose} size="lg" title={t.stock.replaceTitle}>
      {esim && <Asking key={esim.id} esim={esim} onClose={onClose} />}
    </Dialog>
  );
}

function Asking({ esim, onClose }: { esim: OwnedEsim; onClose: () => void }) {
  const queries = useQueryClient();
  const asking = useMutation({
    mutationFn: () => requestReplacement(esim.iccid),
    onSuccess: () => queries.invalidateQueries({ queryKey: checksQuery.queryKey }),
  });
  if (asking.data) return <Decision check={asking.data.check_id} onClose={onClose} />;
  return (
    <Stack>
      <Text size="sm">{t.stock.replaceText(esim.iccid)}</Text>
      <Refusal error={asking.error} />
      <DialogFoot onClose={onClose}>
        <Button loading={asking.isPending} onClick={() => asking.mutate()}>
          {t.stock.checkAndReplace}
        </Button>
      </DialogFoot>
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
            {t.stock.decisions[data.decision]}
            {data.decision === 'rejected' && 'message' in data && ` ${data.message}`}
          </Alert>
          {data.decision === 'replaced' && (
            <EsimCard name={t.stock.replacement} iccid={data.replacement.iccid} lpa={data.replacement.lpa} />
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {data.decision === 'pending' ? t.stock.goesOn : t.stock.done}
            </Button>
          </Group>
        </Stack>
      )}
    </Shown>
  );
}

import { Button, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { moment } from '~/shared/text/format';
import { Card } from '~/shared/ui/Card';
import { DataTable, type Column } from '~/shared/ui/DataTable';
import { ConfirmDialog } from '~/shared/ui/Dialog';
import { failed, told } from '~/shared/ui/notify';
import { Shown } from '~/shared/ui/states';
import { Tag } from '~/shared/ui/Tag';
import ui from '~/shared/ui/ui.module.css';
import { signOut } from '../session';
import { t } from '../words';
import { endOtherSessions, endSession, sessionsQuery, type SignInSession } from './data';

const place = (one: SignInSession) => one.address ?? t.settings.unknownPlace;

const columns = (end: (one: SignInSession) => void): Column<SignInSession>[] => [
  {
    name: t.settings.openedFrom,
    cell: (one) => (
      <>
        <span className="mono">{place(one)}</span>{' '}
        {one.current && <Tag color="green">{t.settings.thisOne}</Tag>}
      </>
    ),
  },
  { name: t.settings.opened, whole: true, cell: (one) => moment(one.created_at) },
  { name: t.settings.ends, whole: true, cell: (one) => moment(one.expires_at) },
  {
    name: '',
    right: true,
    cell: (one) => (
      <Button
        size="compact-sm"
        variant="default"
        onClick={() => end(one)}
        aria-label={t.settings.endSessionOf(place(one), moment(one.created_at))}
      >
        {t.settings.endSession}
      </Button>
    ),
  },
];

export function Sessions() {
  const sessions = useQuery(sessionsQuery);
  const queries = useQueryClient();
  const router = useRouter();
  const [isAsked, asking] = useDisclosure(false);
  const leave = async () => {
    await signOut(queries);
    await router.invalidate();
  };
  const ending = useMutation({
    mutationFn: async (one: SignInSession) => {
      if (one.current) return leave();
      await endSession(one.id);
      told(t.settings.sessionEnded);
      await queries.invalidateQueries({ queryKey: sessionsQuery.queryKey });
    },
    onError: failed,
  });
  const everywhere = useMutation({ mutationFn: () => endOtherSessions().then(leave) });
  return (
    <Card
      title={t.settings.sessions}
      flush
      actions={
        <Button variant="default" size="sm" onClick={asking.open}>
          {t.settings.everywhere}
        </Button>
      }
    >
      <p className={ui.cardLead}>{t.settings.sessionsText}</p>
      <Shown of={sessions} lines={2}>
        {({ sessions: rows }) => (
          <DataTable
            caption={t.settings.sessions}
            columns={columns(ending.mutate)}
            rows={rows}
            keyOf={(one) => one.id}
            empty={null}
          />
        )}
      </Shown>
      <ConfirmDialog
        opened={isAsked}
        onClose={asking.close}
        title={t.settings.everywhere}
        error={everywhere.error}
        confirm={
          <Button color="red" loading={everywhere.isPending} onClick={() => everywhere.mutate()}>
            {t.settings.everywhere}
          </Button>
        }
      >
        <Text size="sm">{t.settings.everywhereText}</Text>
      </ConfirmDialog>
    </Card>
  );
}

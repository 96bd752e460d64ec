import { Alert, Button, Skeleton, Stack } from '@mantine/core';
import { IconCloudOff, IconFaceIdError, IconInbox, IconLock } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { asProblem, type Problem } from '../api/problem';
import { words } from '../text/words';
import css from './ui.module.css';

interface StateProps {
  icon: ReactNode;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
  role?: 'alert' | 'status';
}

function State({ icon, title, children, action, role }: StateProps) {
  return (
    <div className={css.state} role={role}>
      <span className={css.stateIcon}>{icon}</span>
      <strong>{title}</strong>
      {children && <p>{children}</p>}
      {action}
    </div>
  );
}

/** There is nothing yet; `children` says how that changes. */
export function Empty({
  title,
  children,
  action,
}: {
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <State icon={<IconInbox size={28} stroke={1.4} />} title={title} action={action}>
      {children}
    </State>
  );
}

const titles = (): Partial<Record<Problem['kind'], string>> => ({
  unreachable: words.unreachable,
  no_right: words.noRight,
  not_found: words.notFound,
  too_many: words.tooMany,
});

/** Something could not be shown: why, and what can be done. */
export function Failed({ error, retry }: { error: unknown; retry?: () => void }) {
  const problem = asProblem(error);
  const icons: Partial<Record<Problem['kind'], ReactNode>> = {
    unreachable: <IconCloudOff size={28} stroke={1.4} />,
    no_right: <IconLock size={28} stroke={1.4} />,
  };
  const canRetry = retry && problem.kind !== 'no_right' && problem.kind !== 'not_found';
  return (
    <State
      role="alert"
      icon={icons[problem.kind] ?? <IconFaceIdError size={28} stroke={1.4} />}
      title={titles()[problem.kind] ?? words.notLoaded}
      action={
        canRetry && (
          <Button variant="default" size="sm" onClick={retry}>
            {words.tryAgain}
          </Button>
        )
      }
    >
      {problem.message}
      {problem.kind === 'fault' && problem.requestId && ` ${words.supportFinds(problem.requestId)}`}
    </State>
  );
}

/** Why the last request was refused; nothing if it was not. */
export function Refusal({ error }: { error: unknown }) {
  if (error == null) return null;
  return (
    <Alert color="red" role="alert" variant="light">
      {asProblem(error).message}
    </Alert>
  );
}

export function Loading({ lines = 5 }: { lines?: number }) {
  return (
    <Stack gap="sm" p="lg" role="status" aria-label={words.loading}>
      {Array.from({ length: lines }, (_, line) => (
        <Skeleton key={line} height={18} width={`${100 - ((line * 13) % 40)}%`} radius="sm" />
      ))}
    </Stack>
  );
}

interface Asked<Data> {
  data: Data | undefined;
  error: unknown;
  isPending: boolean;
  refetch: () => unknown;
}

/** Shows what a query has brought, or why there is nothing to show. */
export function Shown<Data>({
  of,
  children,
  lines,
}: {
  of: Asked<Data>;
  children: (data: Data) => ReactNode;
  lines?: number;
}) {
  if (of.data !== undefined) return children(of.data);
  if (of.isPending) return <Loading lines={lines} />;
  return <Failed error={of.error} retry={() => void of.refetch()} />;
}

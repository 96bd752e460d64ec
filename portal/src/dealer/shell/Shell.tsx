import { useQueryClient } from '@tanstack/react-query';
import { Outlet, useRouteContext, useRouter } from '@tanstack/react-router';
import { useEffect } from 'react';
import { Frame } from '~/shared/shell/Frame';
import { PersonMenu } from '~/shared/shell/PersonMenu';
import { Mark } from '~/shared/ui/Mark';
import { failed } from '~/shared/ui/notify';
import { signOut } from '../session';
import { t } from '../words';
import { AccountState } from './AccountState';
import { followEvents } from './follow';
import { Navigation } from './Navigation';
import { Viewing } from './Viewing';

export function Shell() {
  const { dealer } = useRouteContext({ from: '/inside' });
  const queries = useQueryClient();
  const router = useRouter();
  useEffect(() => followEvents(queries), [queries]);
  const leave = () => void signOut(queries).then(() => router.invalidate(), failed);
  return (
    <Frame
      mark={<Mark />}
      navigation={<Navigation />}
      account={<PersonMenu name={dealer.company} note={dealer.email} onLeave={leave} says={t.shell} />}
      says={t.shell}
    >
      {dealer.viewer && <Viewing company={dealer.company} onEnd={leave} />}
      {dealer.status === 'approved' ? <Outlet /> : <AccountState dealer={dealer} />}
    </Frame>
  );
}

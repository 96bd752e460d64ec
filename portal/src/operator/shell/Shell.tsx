import { useQueryClient } from '@tanstack/react-query';
import { Outlet, useRouteContext, useRouter } from '@tanstack/react-router';
import { useEffect } from 'react';
import { Frame } from '~/shared/shell/Frame';
import { PersonMenu } from '~/shared/shell/PersonMenu';
import { failed } from '~/shared/ui/notify';
import { signOut } from '../session';
import { ConsoleMark } from './ConsoleMark';
import { followTopics } from './follow';
import { Navigation } from './Navigation';

export function Shell() {
  const { operator } = useRouteContext({ from: '/inside' });
  const queries = useQueryClient();
  const router = useRouter();
  useEffect(() => followTopics(queries), [queries]);
  const leave = () => void signOut(queries).then(() => router.invalidate(), failed);
  return (
    <Frame
      mark={<ConsoleMark />}
      navigation={<Navigation />}
      account={<PersonMenu name={operator.name} note={operator.role} onLeave={leave} />}
    >
      <Outlet />
    </Frame>
  );
}

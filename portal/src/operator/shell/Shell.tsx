import { useQueryClient } from '@tanstack/react-query';
import { Outlet, useRouteContext, useRouter } from '@tanstack/react-router';
import { useEffect } from 'react';
import { Frame } from '~/shared/shell/Frame';
import { PersonMenu } from '~/shared/shell/PersonMenu';
import { failed, told } from '~/shared/ui/notify';
import { signOut, signOutOthers } from '../session';
import { ConsoleMark } from './ConsoleMark';
import { followTopics } from './follow';
import { Navigation } from './Navigation';

export function Shell() {
  const { operator } = useRouteContext({ from: '/inside' });
  const queries = useQueryClient();
  const router = useRouter();
  useEffect(() => followTopics(queries), [queries]);
  const leave = (sessions?: 'all') => void signOut(queries, sessions).then(() => router.invalidate(), failed);
  const exits = [
    {
      name: 'Sign out elsewhere',
      run: () => void signOutOthers().then(() => told('You are signed in here alone.'), failed),
    },
    { name: 'Sign out everywhere', run: () => leave('all') },
  ];
  return (
    <Frame
      mark={<ConsoleMark />}
      navigation={<Navigation />}
      account={<PersonMenu name={operator.name} note={operator.role} onLeave={() => leave()} exits={exits} />}
    >
      <Outlet />
    </Frame>
  );
}

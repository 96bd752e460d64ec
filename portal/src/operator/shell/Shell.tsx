import { useQueryClient } from '@tanstack/react-query';
import { IconDevicesOff, IconKey } from '@tabler/icons-react';
import { Outlet, useRouteContext, useRouter } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useState } from 'react';
import { Frame } from '~/shared/shell/Frame';
import { PersonMenu } from '~/shared/shell/PersonMenu';
import { failed, told } from '~/shared/ui/notify';
import { signOut, signOutOthers } from '../session';
import { ConsoleMark } from './ConsoleMark';
import { followTopics } from './follow';
import { Navigation } from './Navigation';

const ChangePassword = lazy(() => import('./ChangePassword'));

export function Shell() {
  const { operator } = useRouteContext({ from: '/inside' });
  const queries = useQueryClient();
  const router = useRouter();
  const [isChanging, change] = useState(false);
  useEffect(() => followTopics(queries), [queries]);
  const leave = (sessions?: 'all') => void signOut(queries, sessions).then(() => router.invalidate(), failed);
  const more = [
    {
      name: 'Sign out elsewhere',
      icon: IconDevicesOff,
      run: () => void signOutOthers().then(() => told('You are signed in here alone.'), failed),
    },
    { name: 'Sign out everywhere', icon: IconDevicesOff, run: () => leave('all') },
    { name: 'Change your password', icon: IconKey, run: () => change(true) },
  ];
  return (
    <Frame
      mark={<ConsoleMark />}
      navigation={<Navigation />}
      account={<PersonMenu name={operator.name} note={operator.role} onLeave={() => leave()} more={more} />}
    >
      <Outlet />
      {isChanging && (
        <Suspense>
          <ChangePassword operator={operator} onClose={() => change(false)} />
        </Suspense>
      )}
    </Frame>
  );
}

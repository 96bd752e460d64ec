import { Menu, UnstyledButton, useMantineColorScheme } from '@mantine/core';
import { IconDeviceDesktop, IconLogout, IconMoon, IconSelector, IconSun } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { failed } from '~/shared/ui/notify';
import { signOut, type Dealer } from '../session';
import { t } from '../words';
import css from './shell.module.css';

const looks = [
  { value: 'light', icon: IconSun },
  { value: 'dark', icon: IconMoon },
  { value: 'auto', icon: IconDeviceDesktop },
] as const;

export function AccountMenu({ dealer }: { dealer: Dealer }) {
  const queries = useQueryClient();
  const router = useRouter();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const leave = () => signOut(queries).then(() => router.invalidate(), failed);
  return (
    <Menu position="top-start" width={220} shadow="md">
      <Menu.Target>
        <UnstyledButton className={css.account}>
          <span className={css.initial} aria-hidden>
            {dealer.company.slice(0, 1).toUpperCase()}
          </span>
          <span className="unseen">{t.shell.accountOf}</span>
          <span className={css.who}>
            <span>{dealer.company}</span>
            <small>{dealer.email}</small>
          </span>
          <IconSelector size={16} aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t.fields.look}</Menu.Label>
        {looks.map((look) => (
          <Menu.Item
            key={look.value}
            leftSection={<look.icon size={16} />}
            onClick={() => setColorScheme(look.value)}
            aria-current={colorScheme === look.value ? 'true' : undefined}
            fw={colorScheme === look.value ? 600 : undefined}
          >
            {t.shell.looks[look.value]}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => void leave()}>
          {t.shell.signOut}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

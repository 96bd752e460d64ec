import { Menu, UnstyledButton, useMantineColorScheme } from '@mantine/core';
import { IconDeviceDesktop, IconLogout, IconMoon, IconSelector, IconSun } from '@tabler/icons-react';
import css from './frame.module.css';

const looks = [
  { value: 'light', name: 'Light', icon: IconSun },
  { value: 'dark', name: 'Dark', icon: IconMoon },
  { value: 'auto', name: 'As the system', icon: IconDeviceDesktop },
] as const;

interface Props {
  name: string;
  /** What stands below the name. */
  note: string;
  onLeave: () => void;
}

/** Who is signed in, the look of the pages, and the way out. */
export function PersonMenu({ name, note, onLeave }: Props) {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Menu position="top-start" width={220} shadow="md">
      <Menu.Target>
        <UnstyledButton className={css.account}>
          <span className={css.initial} aria-hidden>
            {name.slice(0, 1).toUpperCase()}
          </span>
          <span className="unseen">Account of</span>
          <span className={css.who}>
            <span>{name}</span>
            <small>{note}</small>
          </span>
          <IconSelector size={16} aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Look</Menu.Label>
        {looks.map((look) => (
          <Menu.Item
            key={look.value}
            leftSection={<look.icon size={16} />}
            onClick={() => setColorScheme(look.value)}
            aria-current={colorScheme === look.value ? 'true' : undefined}
            fw={colorScheme === look.value ? 600 : undefined}
          >
            {look.name}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={onLeave}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

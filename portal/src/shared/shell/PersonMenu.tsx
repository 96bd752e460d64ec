import { Menu, UnstyledButton, useMantineColorScheme } from '@mantine/core';
import {
  IconDeviceDesktop,
  IconLogout,
  IconMoon,
  IconSelector,
  IconSun,
  type Icon,
} from '@tabler/icons-react';
import { englishShell, type ShellWords } from './words';
import css from './frame.module.css';

const looks = [
  { value: 'light', icon: IconSun },
  { value: 'dark', icon: IconMoon },
  { value: 'auto', icon: IconDeviceDesktop },
] as const;

interface Props {
  name: string;
  /** What stands below the name. */
  note: string;
  onLeave: () => void;
  /** What else can be done about the account. */
  more?: { name: string; icon: Icon; run: () => void }[];
  says?: ShellWords;
}

/** Who is signed in, the look of the pages, and the way out. */
export function PersonMenu({ name, note, onLeave, more = [], says = englishShell }: Props) {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Menu position="top-start" width={220} shadow="md">
      <Menu.Target>
        <UnstyledButton className={css.account}>
          <span className={css.initial} aria-hidden>
            {name.slice(0, 1).toUpperCase()}
          </span>
          <span className="unseen">{says.accountOf}</span>
          <span className={css.who}>
            <span>{name}</span>
            <small>{note}</small>
          </span>
          <IconSelector size={16} aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{says.look}</Menu.Label>
        {looks.map((look) => (
          <Menu.Item
            key={look.value}
            leftSection={<look.icon size={16} />}
            onClick={() => setColorScheme(look.value)}
            aria-current={colorScheme === look.value ? 'true' : undefined}
            fw={colorScheme === look.value ? 600 : undefined}
          >
            {says.looks[look.value]}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={onLeave}>
          {says.signOut}
        </Menu.Item>
        {more.map((item) => (
          <Menu.Item key={item.name} leftSection={<item.icon size={16} />} onClick={item.run}>
            {item.name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

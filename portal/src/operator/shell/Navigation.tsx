import {
  IconAddressBook,
  IconBuildingWarehouse,
  IconCash,
  IconDeviceMobile,
  IconHome,
  IconListCheck,
  IconReceipt,
  IconReplace,
  IconServer2,
  IconStack2,
  IconTag,
} from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import css from '~/shared/shell/frame.module.css';

const pages = [
  { to: '/', name: 'Overview', icon: IconHome },
  { to: '/orders', name: 'Orders', icon: IconReceipt },
  { to: '/dealers', name: 'Dealers', icon: IconAddressBook },
  { to: '/prices', name: 'Prices', icon: IconTag },
  { to: '/stock', name: 'Stock', icon: IconBuildingWarehouse },
  { to: '/reviews', name: 'Reviews', icon: IconReplace },
  { to: '/devices', name: 'Devices', icon: IconDeviceMobile },
  { to: '/payments', name: 'Payments', icon: IconCash },
  { to: '/jobs', name: 'Jobs', icon: IconStack2 },
  { to: '/nodes', name: 'Nodes', icon: IconServer2 },
  { to: '/audit', name: 'Audit', icon: IconListCheck },
] as const;

export function Navigation() {
  return (
    <nav aria-label="Pages" className={css.nav}>
      {pages.map((page) => (
        <Link
          key={page.to}
          to={page.to}
          className={css.link}
          activeProps={{ className: css.active, 'aria-current': 'page' }}
          activeOptions={{ exact: page.to === '/', includeSearch: false }}
        >
          <page.icon size={18} stroke={1.6} aria-hidden />
          {page.name}
        </Link>
      ))}
    </nav>
  );
}

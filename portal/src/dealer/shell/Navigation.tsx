import {
  IconBuildingWarehouse,
  IconCode,
  IconHome,
  IconReceipt,
  IconSettings,
  IconShieldCheck,
  IconShoppingBag,
  IconWallet,
} from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import css from './shell.module.css';

const pages = [
  { to: '/', name: 'Overview', icon: IconHome },
  { to: '/shop', name: 'Shop', icon: IconShoppingBag },
  { to: '/orders', name: 'Orders', icon: IconReceipt },
  { to: '/wallet', name: 'Wallet', icon: IconWallet },
  { to: '/verification', name: 'Verification', icon: IconShieldCheck },
  { to: '/stock', name: 'Stock', icon: IconBuildingWarehouse },
  { to: '/developers', name: 'Developers', icon: IconCode },
  { to: '/settings', name: 'Settings', icon: IconSettings },
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

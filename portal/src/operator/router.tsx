import type { QueryClient } from '@tanstack/react-query';
import {
  Outlet,
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router';
import { Failed, Loading } from '~/shared/ui/states';
import { auditFilters } from './audit/filters';
import { dealerFilters } from './dealers/filters';
import { orderFilters } from './orders/filters';
import { priceFilters } from './prices/filters';
import { day, text } from './search';
import { sessionQuery } from './session';
import { NoPage } from './shell/NoPage';
import { Shell } from './shell/Shell';
import { SignIn } from './sign-in/SignIn';

interface Context {
  queries: QueryClient;
}

type Search = Record<string, unknown>;

const root = createRootRouteWithContext<Context>()({ component: Outlet, notFoundComponent: NoPage });

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  // Where the reader wanted to go; only within these pages.
  validateSearch: (search: Search): { to?: string } => {
    const to = text(search.to);
    return { to: to && /^\/(?![/\\])/.test(to) ? to : undefined };
  },
  beforeLoad: async ({ context, search }) => {
    const operator = await context.queries.ensureQueryData(sessionQuery).catch(() => null);
    if (operator) throw redirect({ to: search.to ?? '/' });
  },
  component: SignIn,
});

const inside = createRoute({
  getParentRoute: () => root,
  id: 'inside',
  beforeLoad: async ({ context, location }) => {
    const operator = await context.queries.ensureQueryData(sessionQuery);
    if (!operator)
      throw redirect({ to: '/sign-in', search: { to: location.href === '/' ? undefined : location.href } });
    return { operator };
  },
  component: Shell,
});

const getParentRoute = () => inside;

const overview = createRoute({
  getParentRoute,
  path: '/',
  component: lazyRouteComponent(() => import('./overview/Overview'), 'Overview'),
});
const orders = createRoute({
  getParentRoute,
  path: '/orders',
  validateSearch: orderFilters,
  component: lazyRouteComponent(() => import('./orders/Orders'), 'Orders'),
});
const order = createRoute({
  getParentRoute,
  path: '/orders/$order',
  component: lazyRouteComponent(() => import('./orders/Order'), 'Order'),
});
const dealers = createRoute({
  getParentRoute,
  path: '/dealers',
  validateSearch: dealerFilters,
  component: lazyRouteComponent(() => import('./dealers/Dealers'), 'Dealers'),
});
const dealer = createRoute({
  getParentRoute,
  path: '/dealers/$dealer',
  component: lazyRouteComponent(() => import('./dealers/Dealer'), 'Dealer'),
});
const prices = createRoute({
  getParentRoute,
  path: '/prices',
  validateSearch: priceFilters,
  component: lazyRouteComponent(() => import('./prices/Prices'), 'Prices'),
});
const stock = createRoute({
  getParentRoute,
  path: '/stock',
  validateSearch: (search: Search): { lot?: string } => ({ lot: text(search.lot) }),
  component: lazyRouteComponent(() => import('./stock/Stock'), 'Stock'),
});
const reviews = createRoute({
  getParentRoute,
  path: '/reviews',
  component: lazyRouteComponent(() => import('./reviews/Reviews'), 'Reviews'),
});
const devices = createRoute({
  getParentRoute,
  path: '/devices',
  component: lazyRouteComponent(() => import('./devices/Devices'), 'Devices'),
});
const payments = createRoute({
  getParentRoute,
  path: '/payments',
  validateSearch: (search: Search): { dealer?: string; from?: string; to?: string } => ({
    dealer: text(search.dealer),
    from: day(search.from),
    to: day(search.to),
  }),
  component: lazyRouteComponent(() => import('./payments/Payments'), 'Payments'),
});
const payment = createRoute({
  getParentRoute,
  path: '/payments/$payment',
  component: lazyRouteComponent(() => import('./payments/Payment'), 'Payment'),
});
const jobs = createRoute({
  getParentRoute,
  path: '/jobs',
  validateSearch: (search: Search): { show?: string } => ({ show: text(search.show) }),
  component: lazyRouteComponent(() => import('./jobs/Jobs'), 'Jobs'),
});
const nodes = createRoute({
  getParentRoute,
  path: '/nodes',
  component: lazyRouteComponent(() => import('./nodes/Nodes'), 'Nodes'),
});
const audit = createRoute({
  getParentRoute,
  path: '/audit',
  validateSearch: auditFilters,
  component: lazyRouteComponent(() => import('./audit/Audit'), 'Audit'),
});

const routes = root.addChildren([
  signIn,
  inside.addChildren([
    overview,
    orders,
    order,
    dealers,
    dealer,
    prices,
    stock,
    reviews,
    devices,
    payments,
    payment,
    jobs,
    nodes,
    audit,
  ]),
]);

export function makeRouter(queries: QueryClient) {
  return createRouter({
    routeTree: routes,
    basepath: '/console',
    context: { queries },
    defaultPreload: 'intent',
    // The query library keeps what a page shows.
    defaultPreloadStaleTime: 0,
    defaultPendingComponent: () => <Loading />,
    defaultErrorComponent: ({ error, reset }) => <Failed error={error} retry={reset} />,
    scrollRestoration: true,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}

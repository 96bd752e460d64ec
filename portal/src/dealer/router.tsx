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
import { orderFilters } from './orders/filters';
import { sessionQuery } from './session';
import { Shell } from './shell/Shell';
import { NoPage } from './shell/NoPage';
import { shopFilters } from './shop/filters';
import { SignIn } from './sign-in/SignIn';
import { walletFilters } from './wallet/filters';

interface Context {
  queries: QueryClient;
}

const text = (value: unknown) => (typeof value === 'string' && value ? value : undefined);

const root = createRootRouteWithContext<Context>()({ component: Outlet, notFoundComponent: NoPage });

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  // Where the reader wanted to go; only within these pages.
  validateSearch: (search: Record<string, unknown>): { to?: string } => {
    const to = text(search.to);
    return { to: to && /^\/(?![/\\])/.test(to) ? to : undefined };
  },
  beforeLoad: async ({ context, search }) => {
    const dealer = await context.queries.ensureQueryData(sessionQuery).catch(() => null);
    if (dealer) throw redirect({ to: search.to ?? '/' });
  },
  component: SignIn,
});

const view = createRoute({
  getParentRoute: () => root,
  path: '/view',
  component: lazyRouteComponent(() => import('./view/View'), 'View'),
});

const inside = createRoute({
  getParentRoute: () => root,
  id: 'inside',
  beforeLoad: async ({ context, location }) => {
    const dealer = await context.queries.ensureQueryData(sessionQuery);
    if (!dealer)
      throw redirect({ to: '/sign-in', search: { to: location.href === '/' ? undefined : location.href } });
    return { dealer };
  },
  component: Shell,
});

const overview = createRoute({
  getParentRoute: () => inside,
  path: '/',
  component: lazyRouteComponent(() => import('./overview/Overview'), 'Overview'),
});
const shop = createRoute({
  getParentRoute: () => inside,
  path: '/shop',
  validateSearch: shopFilters,
  component: lazyRouteComponent(() => import('./shop/Shop'), 'Shop'),
});
const orders = createRoute({
  getParentRoute: () => inside,
  path: '/orders',
  validateSearch: orderFilters,
  component: lazyRouteComponent(() => import('./orders/Orders'), 'Orders'),
});
const order = createRoute({
  getParentRoute: () => inside,
  path: '/orders/$order',
  component: lazyRouteComponent(() => import('./orders/Order'), 'Order'),
});
const wallet = createRoute({
  getParentRoute: () => inside,
  path: '/wallet',
  validateSearch: walletFilters,
  component: lazyRouteComponent(() => import('./wallet/Wallet'), 'Wallet'),
});
const verification = createRoute({
  getParentRoute: () => inside,
  path: '/verification',
  component: lazyRouteComponent(() => import('./verification/Verification'), 'Verification'),
});
const batch = createRoute({
  getParentRoute: () => inside,
  path: '/verification/$batch',
  component: lazyRouteComponent(() => import('./verification/Batch'), 'Batch'),
});
const stock = createRoute({
  getParentRoute: () => inside,
  path: '/stock',
  validateSearch: (search: Record<string, unknown>): { page?: number } => {
    const page = Number(search.page);
    return { page: Number.isInteger(page) && page > 1 ? page : undefined };
  },
  component: lazyRouteComponent(() => import('./stock/Stock'), 'Stock'),
});
const developers = createRoute({
  getParentRoute: () => inside,
  path: '/developers',
  component: lazyRouteComponent(() => import('./developers/Developers'), 'Developers'),
});
const settings = createRoute({
  getParentRoute: () => inside,
  path: '/settings',
  component: lazyRouteComponent(() => import('./settings/Settings'), 'Settings'),
});
const licences = createRoute({
  getParentRoute: () => root,
  path: '/licences',
  component: lazyRouteComponent(() => import('./licences/Licences'), 'Licences'),
});

const routes = root.addChildren([
  signIn,
  view,
  licences,
  inside.addChildren([
    overview,
    shop,
    orders,
    order,
    wallet,
    verification,
    batch,
    stock,
    developers,
    settings,
  ]),
]);

export function makeRouter(queries: QueryClient) {
  return createRouter({
    routeTree: routes,
    basepath: '/portal',
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

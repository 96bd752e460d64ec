import { Page } from '~/shared/ui/Page';
import { Skus } from './Skus';

export function Prices() {
  return (
    <Page name="Prices">
      <Skus />
    </Page>
  );
}

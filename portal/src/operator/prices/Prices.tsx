import { Page } from '~/shared/ui/Page';
import { Explain } from './Explain';
import { NewRule } from './NewRule';
import { Rules } from './Rules';
import { Skus } from './Skus';

export function Prices() {
  return (
    <Page
      name="Prices"
      lead="The most exact rule wins: of a dealer before those for all, a product before a country"
      actions={<NewRule />}
    >
      <Rules />
      <Explain />
      <Skus />
    </Page>
  );
}

import { Page } from '~/shared/ui/Page';
import { Explain } from './Explain';
import { ExplainRoute } from './ExplainRoute';
import { NewRule } from './NewRule';
import { Routes } from './Routes';
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
      <Routes />
      <ExplainRoute />
      <Skus />
    </Page>
  );
}

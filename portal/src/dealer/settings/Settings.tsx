import { Input, SegmentedControl, useMantineColorScheme, type MantineColorScheme } from '@mantine/core';
import { useRouteContext } from '@tanstack/react-router';
import { Card } from '~/shared/ui/Card';
import { Page } from '~/shared/ui/Page';
import ui from '~/shared/ui/ui.module.css';
import { t } from '../words';
import { BrandCard } from './BrandCard';
import { LanguageSelect } from './LanguageSelect';
import { Notices } from './Notices';
import { Password } from './Password';
import { SecondFactor } from './SecondFactor';
import { Sessions } from './Sessions';
import css from './settings.module.css';

export function Settings() {
  const { dealer } = useRouteContext({ from: '/inside' });
  return (
    <Page name={t.pages.settings}>
      <Card title={t.settings.company}>
        <dl className={ui.facts}>
          <dt>{t.fields.name}</dt>
          <dd>{dealer.company}</dd>
          <dt>{t.fields.email}</dt>
          <dd>{dealer.email}</dd>
          <dt>{t.settings.stock}</dt>
          <dd>{dealer.portal ? t.settings.stockYes : t.settings.stockNo}</dd>
        </dl>
      </Card>
      <Appearance />
      <Notices />
      <BrandCard />
      <Password dealer={dealer} />
      <SecondFactor />
      <Sessions />
    </Page>
  );
}

function Appearance() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Card title={t.settings.appearance}>
      <div className={css.looks}>
        <LanguageSelect description={t.settings.languageHint} />
        <Input.Wrapper label={t.shell.look} labelElement="div">
          <SegmentedControl
            display="flex"
            aria-label={t.shell.look}
            value={colorScheme}
            onChange={(value) => setColorScheme(value as MantineColorScheme)}
            data={(['light', 'dark', 'auto'] as const).map((look) => ({
              value: look,
              label: t.shell.looks[look],
            }))}
          />
        </Input.Wrapper>
      </div>
    </Card>
  );
}

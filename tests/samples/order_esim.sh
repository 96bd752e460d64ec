curl -X POST https://meisimusa.com/api/v1/esim/order \
-H "x-dealer-key: $MEISIM_DEALER_KEY" \
-H 'content-type: application/json' \
-d '{"bundleName":"esim_5gb_30days_jp","emailAddress":"end@x.com","qrToCustomer":true}'

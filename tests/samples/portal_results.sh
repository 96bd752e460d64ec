curl -H "Authorization: Bearer $TOKEN" \
https://meisimusa.com/api/portal/v1/esim-check/customer/batches/<batch-uuid>/results.csv \
-o results.csv

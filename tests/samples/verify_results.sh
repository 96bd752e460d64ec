curl -H "Authorization: Bearer $DEALER_JWT" \
https://meisimusa.com/dealer/esim-verify/<batch-uuid>/results.csv \
-o results.csv

# 1. Get your API key (one-time)
curl -X POST https://meisimusa.com/dealer/send-otp \
-H 'content-type: application/json' \
-d '{"email":"you@yourcompany.com"}'
# Check email for the 6-digit code, then:
curl -X POST https://meisimusa.com/dealer/verify-otp \
-H 'content-type: application/json' \
-d '{"email":"you@yourcompany.com","code":"123456"}'
# → returns { "verified": true, "apiKey": "..." }
# 2. Use the API key on every request
curl https://meisimusa.com/api/v1/me \
-H 'x-dealer-key: YOUR_API_KEY'

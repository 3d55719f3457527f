select
    address_id,
    organization_id,
    customer_id,
    street,
    city,
    postal_code,
    country_code
from {{ ref('stg_addresses') }}

select
    product_id,
    organization_id,
    sku,
    product_name,
    category,
    subcategory,
    list_price,
    tags,
    is_active
from {{ ref('raw_products') }}

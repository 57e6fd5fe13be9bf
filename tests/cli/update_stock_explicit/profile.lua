return { update_stock = "explicit" }

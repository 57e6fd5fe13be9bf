return "shop"

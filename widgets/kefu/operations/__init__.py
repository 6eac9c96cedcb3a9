"""Customer operations (客户运营): models, standard library only."""

/// Words people and places are made of, in capital ASCII as registries write them.
enum MexicanNames {
  static let women = [
    "MARIA", "GUADALUPE", "JUANA", "MARGARITA", "VERONICA", "LETICIA", "ROSA", "FERNANDA",
    "ALEJANDRA", "PATRICIA", "ELIZABETH", "DANIELA", "XIMENA", "VALERIA", "SOFIA", "REGINA",
    "CAMILA", "RENATA", "BEATRIZ", "YOLANDA", "CLAUDIA", "ADRIANA", "GABRIELA", "SILVIA",
  ]
  static let men = [
    "JOSE", "JUAN", "LUIS", "CARLOS", "JORGE", "MIGUEL", "FRANCISCO", "ANTONIO", "ALEJANDRO",
    "RICARDO", "EDUARDO", "FERNANDO", "SANTIAGO", "MATEO", "SEBASTIAN", "LEONARDO", "EMILIANO",
    "DIEGO", "RAFAEL", "SERGIO", "ARTURO", "HECTOR", "RAUL", "GERARDO",
  ]
  static let surnames = [
    "HERNANDEZ", "GARCIA", "MARTINEZ", "LOPEZ", "GONZALEZ", "PEREZ", "RODRIGUEZ", "SANCHEZ",
    "RAMIREZ", "CRUZ", "GOMEZ", "FLORES", "MORALES", "VAZQUEZ", "JIMENEZ", "REYES", "DIAZ",
    "TORRES", "GUTIERREZ", "RUIZ", "AGUILAR", "MENDOZA", "CASTILLO", "ORTIZ", "MORENO", "RIVERA",
    "RAMOS", "ROMERO", "JUAREZ", "ALVAREZ", "MENDEZ", "CHAVEZ", "HERRERA", "MEDINA", "DOMINGUEZ",
    "CASTRO", "VARGAS", "GUZMAN", "VELAZQUEZ", "ROJAS", "SALAZAR", "CONTRERAS", "ORTEGA", "LUNA",
    "SOTO", "ESPINOZA", "DELGADO", "NAVARRO", "CERVANTES", "CORTES", "BAUTISTA", "MALDONADO",
  ]
  /// State codes of the population registry.
  static let states = ["DF", "MC", "JC", "NL", "PL", "VZ", "GT", "BC", "CH", "OC", "YN", "QR"]
  /// Area codes of large cities.
  static let areas = ["55", "56", "33", "81", "222", "229", "477", "664", "614", "951", "999"]
  /// Three digits of banks that hold most accounts.
  static let banks = ["002", "012", "014", "021", "044", "072", "127", "137", "646", "722"]
  static let streets = [
    "Av. Hidalgo", "Calle Morelos", "Calle 5 de Mayo", "Av. Juarez", "Calle Allende",
    "Calle Matamoros", "Av. Reforma", "Calle Zaragoza", "Calle Independencia", "Av. Insurgentes",
    "Calle Guerrero", "Calle Aldama", "Privada Las Flores", "Calle Benito Juarez", "Calle Ocampo",
  ]
  /// Mail that is thrown away after use: names of services everybody knows.
  static let disposable = [
    "yopmail.com", "mailinator.com", "guerrillamail.com", "sharklasers.com", "10minutemail.com",
  ]
  /// The same, set up last week and on nobody's list.
  static let unlisted = ["buzon-efimero.example", "correo-de-paso.example", "hoy-nomas.example"]
}

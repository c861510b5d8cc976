export const APP_URL = 'app://farfield/'

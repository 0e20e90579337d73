<?php
// Reads the variables that the image of this name on Docker Hub honours.
$env = function (string $name, string $default): string {
    $value = getenv($name);
    return $value === false || $value === '' ? $default : $value;
};
define('DB_HOST', $env('WORDPRESS_DB_HOST', 'mysql'));
define('DB_USER', $env('WORDPRESS_DB_USER', 'example username'));
define('DB_PASSWORD', $env('WORDPRESS_DB_PASSWORD', 'example password'));
define('DB_NAME', $env('WORDPRESS_DB_NAME', 'wordpress'));
define('DB_CHARSET', 'utf8mb4');
define('DB_COLLATE', '');
$table_prefix = $env('WORDPRESS_TABLE_PREFIX', 'wp_');
define('WP_DEBUG', false);
defined('ABSPATH') || define('ABSPATH', __DIR__ . '/');
require_once ABSPATH . 'wp-settings.php';

<?php
/**
 * Plugin Name: udsync quiet
 * Description: Keeps WooCommerce's own mails back while udsync tells the shop of something. Copy this file to wp-content/mu-plugins/.
 *
 * A request that says `X-Udsync-Quiet: 1` with the key of somebody who runs the shop, and only such a request, sends no mail of
 * WooCommerce: buyers who order or pay meanwhile are mailed as ever, and a buyer who sends the header is mailed too. Mails of WordPress
 * itself and those about stock that runs low are not covered, and neither is a shop that puts its mails off to a later request.
 * The answer carries the same header, by which `udsync doctor` knows that the plugin is there and works.
 */

defined( 'ABSPATH' ) || exit;

add_action(
	'init',
	function () {
		if ( ! isset( $_SERVER['HTTP_X_UDSYNC_QUIET'] ) || '1' !== $_SERVER['HTTP_X_UDSYNC_QUIET'] || ! function_exists( 'WC' ) ) {
			return;
		}
		// The key has said who asks by now. Anybody can send a header.
		if ( ! current_user_can( 'manage_woocommerce' ) ) {
			return;
		}
		foreach ( WC()->mailer()->get_emails() as $email ) {
			add_filter( 'woocommerce_email_enabled_' . $email->id, '__return_false', 99 );
		}
		add_filter(
			'rest_post_dispatch',
			function ( $response ) {
				$response->header( 'X-Udsync-Quiet', '1' );
				return $response;
			}
		);
	}
);

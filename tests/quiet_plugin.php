<?php
/**
 * Runs the plugin `examples/woocommerce/udsync-quiet.php` in a WordPress that is made of the few functions it calls, and says what came of
 * it: one line of JSON. Which request it is stands in the argument, as JSON:
 * `{"plugin": PATH, "header": "1" or null, "rights": [...], "woocommerce": true, "wordpress": true}`.
 */

error_reporting( E_ALL );
set_error_handler(
	function ( $number, $said ) {
		fwrite( STDERR, $said . "\n" );
		exit( 70 );
	}
);

$request = json_decode( $argv[1], true );
$hooks   = array();

if ( $request['wordpress'] ) {
	define( 'ABSPATH', '/' );
}
if ( null !== $request['header'] ) {
	$_SERVER['HTTP_X_UDSYNC_QUIET'] = $request['header'];
}

function add_filter( $name, $what, $priority = 10, $arguments = 1 ) {
	global $hooks;
	$hooks[ $name ][ $priority ][] = $what;
	return true;
}

function add_action( $name, $what, $priority = 10, $arguments = 1 ) {
	return add_filter( $name, $what, $priority, $arguments );
}

function apply_filters( $name, $value ) {
	global $hooks;
	$of_hook = $hooks[ $name ] ?? array();
	ksort( $of_hook );
	foreach ( $of_hook as $same ) {
		foreach ( $same as $what ) {
			$value = call_user_func( $what, $value );
		}
	}
	return $value;
}

function do_action( $name ) {
	apply_filters( $name, null );
}

function __return_false() {
	return false;
}

function current_user_can( $right ) {
	global $request;
	return in_array( $right, $request['rights'], true );
}

class Answer_Of_The_Api {
	public $headers = array();
	public function header( $name, $value ) {
		$this->headers[ $name ] = $value;
	}
}

// As WooCommerce has them: by class, each with its id.
class Shop_Mailer {
	public function get_emails() {
		$emails = array();
		foreach ( array( 'new_order', 'customer_processing_order', 'customer_completed_order', 'customer_note' ) as $id ) {
			$emails[ 'WC_Email_' . $id ] = (object) array( 'id' => $id );
		}
		return $emails;
	}
}

if ( $request['woocommerce'] ) {
	function WC() {
		return new class() {
			public function mailer() {
				return new Shop_Mailer();
			}
		};
	}
}

require $request['plugin'];

// A plugin of somebody else's that switches a mail on.
add_filter(
	'woocommerce_email_enabled_new_order',
	function () {
		return true;
	}
);
do_action( 'init' );
$answer = apply_filters( 'rest_post_dispatch', new Answer_Of_The_Api() );
$mails  = array();
foreach ( ( new Shop_Mailer() )->get_emails() as $email ) {
	if ( apply_filters( 'woocommerce_email_enabled_' . $email->id, true ) ) {
		$mails[] = $email->id;
	}
}
echo json_encode(
	array(
		'mails'     => $mails,
		// One of WordPress' own.
		'wordpress' => apply_filters( 'send_email_change_email', true ),
		'answer'    => (object) $answer->headers,
	)
), "\n";

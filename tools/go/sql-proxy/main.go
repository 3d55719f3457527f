// Traefik's own parts that our configuration of it uses: the provider that watches a folder, TLS, and the router that
// knows Postgres. The whole program needs modules that the module proxy hasn't; this is a stand-in for its main().
//
//	sql-proxy FOLDER
//
// It listens on a free port of 127.0.0.1 and says which: "listening on 127.0.0.1:NNNN", once it has a configuration.
package main

import (
	"context"
	"fmt"
	"log"
	"net"
	"os"
	"sync/atomic"

	"github.com/traefik/traefik/v3/pkg/config/dynamic"
	"github.com/traefik/traefik/v3/pkg/config/runtime"
	"github.com/traefik/traefik/v3/pkg/provider/file"
	"github.com/traefik/traefik/v3/pkg/safe"
	tcpmiddleware "github.com/traefik/traefik/v3/pkg/server/middleware/tcp"
	tcprouter "github.com/traefik/traefik/v3/pkg/server/router/tcp"
	tcpservice "github.com/traefik/traefik/v3/pkg/server/service/tcp"
	"github.com/traefik/traefik/v3/pkg/tcp"
	"github.com/traefik/traefik/v3/pkg/tls"
)

const entryPoint = "sql"

type proxy struct {
	router  atomic.Pointer[tcprouter.Router]
	tls     *tls.Manager
	dialers *tcp.DialerManager
}

func newProxy() *proxy {
	dialers := tcp.NewDialerManager(nil)
	dialers.Update(map[string]*dynamic.TCPServersTransport{"default@internal": {}})
	return &proxy{tls: tls.NewManager(nil), dialers: dialers}
}

// take puts a configuration in force. Names get their provider behind them, as Traefik's aggregator does it.
func (p *proxy) take(ctx context.Context, given *dynamic.Configuration) {
	routers, services := map[string]*dynamic.TCPRouter{}, map[string]*dynamic.TCPService{}
	for name, router := range given.TCP.Routers {
		routers[name+"@file"] = router
	}
	for name, service := range given.TCP.Services {
		services[name+"@file"] = service
	}
	p.tls.UpdateConfigs(ctx, given.TLS.Stores, given.TLS.Options, given.TLS.Certificates)
	configuration := runtime.NewConfig(dynamic.Configuration{
		HTTP: &dynamic.HTTPConfiguration{},
		TCP:  &dynamic.TCPConfiguration{Routers: routers, Services: services},
		UDP:  &dynamic.UDPConfiguration{},
	})
	manager := tcprouter.NewManager(
		configuration,
		tcpservice.NewManager(configuration, p.dialers),
		tcpmiddleware.NewBuilder(configuration.TCPMiddlewares),
		nil, nil, p.tls, nil,
	)
	p.router.Store(manager.BuildHandlers(ctx, []string{entryPoint})[entryPoint])
}

func run(folder string) error {
	ctx := context.Background()
	configurations := make(chan dynamic.Message, 16)
	provider := &file.Provider{Directory: folder, Watch: true}
	if err := provider.Init(); err != nil {
		return err
	}
	if err := provider.Provide(configurations, safe.NewPool(ctx)); err != nil {
		return err
	}
	proxy := newProxy()
	proxy.take(ctx, (<-configurations).Configuration)
	go func() {
		for message := range configurations {
			proxy.take(ctx, message.Configuration)
		}
	}()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Println("listening on", listener.Addr())
	for {
		connection, err := listener.Accept()
		if err != nil {
			return err
		}
		go proxy.router.Load().ServeTCP(connection.(*net.TCPConn))
	}
}

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: sql-proxy FOLDER")
	}
	log.Fatal(run(os.Args[1]))
}

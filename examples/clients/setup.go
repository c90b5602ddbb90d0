// Begins TOTP setup with net/http: prints the secret, and writes its QR code to qr.png.
//
//	TOTP_API_URL=http://localhost:3000 TOTP_API_KEY=demo-key go run setup.go
package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"strings"
	"time"
)

const pngPrefix = "data:image/png;base64,"

// answer has the fields of both answers: the setup's, and an error's.
type answer struct {
	Secret    string `json:"secret"`
	QRCodeURL string `json:"qr_code_url"`
	Error     string `json:"error"`
	Details   string `json:"details"`
}

func main() {
	log.SetFlags(0)
	apiURL := environment("TOTP_API_URL", "http://localhost:3000")
	status, body, err := beginSetup(apiURL, environment("TOTP_API_KEY", "demo-key"))
	if err != nil {
		log.Fatalf("Cannot reach %s: %v", apiURL, err)
	}
	var fields answer
	if json.Unmarshal(body, &fields) != nil {
		fields = answer{} // not this API's JSON, such as the page of a proxy
	}
	if status != http.StatusOK || !strings.HasPrefix(fields.QRCodeURL, pngPrefix) {
		log.Fatalln(fields.failure(status))
	}
	png, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(fields.QRCodeURL, pngPrefix))
	if err != nil {
		log.Fatalln(err)
	}
	if err := os.WriteFile("qr.png", png, 0o600); err != nil {
		log.Fatalln(err)
	}
	fmt.Println("Secret:", fields.Secret)
	fmt.Println("QR code: qr.png (scan it, then delete it)")
}

func beginSetup(apiURL, apiKey string) (status int, body []byte, err error) {
	request, err := http.NewRequest(http.MethodPost, apiURL+"/auth/v1/users/current/totp/setup", nil)
	if err != nil {
		return 0, nil, err
	}
	request.Header.Set("X-API-Key", apiKey)
	client := &http.Client{
		Timeout: 15 * time.Second,
		// To follow a redirect could take the key to another host.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	response, err := client.Do(request)
	if err != nil {
		return 0, nil, err
	}
	defer response.Body.Close()
	body, err = io.ReadAll(response.Body)
	return response.StatusCode, body, err
}

func (a answer) failure(status int) string {
	message := a.Error
	if message == "" {
		message = fmt.Sprintf("Unexpected answer, status %d", status)
	}
	if a.Details != "" {
		message += ": " + a.Details
	}
	return message
}

func environment(name, byDefault string) string {
	if value, found := os.LookupEnv(name); found {
		return value
	}
	return byDefault
}

<%@ page contentType="text/html;charset=UTF-8" %>
<!DOCTYPE html>
<html lang="en">
<title><%= application.getServerInfo() %></title>
<h1><%= application.getServerInfo() %></h1>
<h2>If you're seeing this, you've successfully installed Tomcat. Congratulations!</h2>
<p><a href="https://tomcat.apache.org/">tomcat.apache.org</a></p>
</html>
